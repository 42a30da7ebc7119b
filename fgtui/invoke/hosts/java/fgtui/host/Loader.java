package fgtui.host;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Loads the handler and all it needs from its own class path, where nothing of this host is visible, and remembers
 * the files that came from there: a change of one of them asks for a new instance.
 *
 * <p>The cloud brings Gson, so a project may leave it out of what it packs: then one that lies on this machine anyway
 * joins the class path, when a class of it is asked for.
 */
final class Loader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final int CLOCK_GRAIN_MS = 10;
    private static final String GSON = "com.google.gson.";

    private final Map<String, String> files = new LinkedHashMap<>();
    private final String gson;
    private boolean hasGrown;
    private boolean hasGson;

    /** {@code gson} is the jar that stands in where the class path has no Gson; {@code null} where there is none. */
    Loader(List<String> classPath, String gson) {
        super(urls(classPath), ClassLoader.getPlatformClassLoader());
        this.gson = gson;
        for (String entry : classPath) {
            if (entry.endsWith(".jar")) {
                remember(entry, Long.MAX_VALUE);
            }
        }
    }

    private static URL[] urls(List<String> classPath) {
        URL[] found = new URL[classPath.size()];
        for (int index = 0; index < found.length; index++) {
            found[index] = url(classPath.get(index));
        }
        return found;
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException error) {
            throw new IllegalArgumentException(error);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try {
            return find(name);
        } catch (ClassNotFoundException error) {
            if (gson == null || !name.startsWith(GSON) || !addGson()) {
                throw error;
            }
            return find(name);
        }
    }

    /** Whether the machine's Gson is on the class path now; it never joins another, whose classes it would mix with. */
    private synchronized boolean addGson() {
        if (!hasGson && super.findResource("com/google/gson/Gson.class") == null) {
            addURL(url(gson));
            hasGson = true;
        }
        return hasGson;
    }

    private Class<?> find(String name) throws ClassNotFoundException {
        long before = System.currentTimeMillis();
        Class<?> found = super.findClass(name);
        CodeSource source = found.getProtectionDomain().getCodeSource();
        if (source != null && source.getLocation() != null) {
            String place = path(source.getLocation());
            if (place != null) {
                boolean isFolder = source.getLocation().getPath().endsWith("/");
                remember(isFolder ? place + '/' + name.replace('.', '/') + ".class" : place, before);
            }
        }
        return found;
    }

    @Override
    public URL findResource(String name) {
        long before = System.currentTimeMillis();
        URL found = super.findResource(name);
        String place = found == null ? null : path(found);
        if (place != null) {
            remember(place, before);
        }
        return found;
    }

    /** {@code null} for what is no file: an entry of a jar, whose jar is known already. */
    private static String path(URL place) {
        if (!"file".equals(place.getProtocol())) {
            return null;
        }
        String path = place.getPath();
        if (path.indexOf('%') >= 0) {
            try {
                return new File(place.toURI()).getPath();
            } catch (java.net.URISyntaxException | IllegalArgumentException error) {
                return null;
            }
        }
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Note a file. One that was written while it was read is noted as changed: which of both was read is unknown. */
    private synchronized void remember(String path, long readSince) {
        if (files.containsKey(path)) {
            return;
        }
        try {
            Map<String, Object> facts = Files.readAttributes(new File(path).toPath(), "unix:lastModifiedTime,size,ino");
            FileTime changed = (FileTime) facts.get("lastModifiedTime");
            boolean isSure = changed.toMillis() < readSince - CLOCK_GRAIN_MS;
            long time = isSure ? changed.to(TimeUnit.NANOSECONDS) : 0;
            files.put(path, time + " " + facts.get("size") + ' ' + facts.get("ino") + ' ' + path);
            hasGrown = true;
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException error) {
            files.put(path, null); // gone already, or a system without such facts
        }
    }

    /** All files so far if some have joined since last time, else nothing; entries joined by NUL. */
    synchronized byte[] newFiles() {
        if (!hasGrown) {
            return new byte[0];
        }
        hasGrown = false;
        StringBuilder all = new StringBuilder();
        for (String entry : files.values()) {
            if (entry != null) {
                all.append(all.length() == 0 ? "" : "\0").append(entry);
            }
        }
        return Line.bytes(all.toString());
    }
}
