package fgtui.host;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON without Gson: of fgtui's configuration, and of handlers that have no Gson beside them. Reads and writes as
 * {@code new Gson()} does: numbers become doubles, null members are left out, signs that mean something to HTML escaped.
 */
final class Json {
    private static final int DEEPEST = 1000;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /** Raises {@code IllegalArgumentException} for what is not strict JSON, with the place. */
    static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        if (json.peek() != 0) {
            throw json.wrong("more text after the value");
        }
        return value;
    }

    private Object value() {
        if (++depth > DEEPEST) {
            throw wrong("more than 1000 levels");
        }
        char first = peek();
        Object found;
        if (first == '{') {
            found = object();
        } else if (first == '[') {
            found = array();
        } else if (first == '"') {
            found = string();
        } else if (first == '-' || first >= '0' && first <= '9') {
            found = number();
        } else {
            found = word();
        }
        depth--;
        return found;
    }

    private Map<String, Object> object() {
        Map<String, Object> found = new LinkedHashMap<>();
        at++;
        if (peek() == '}') {
            at++;
            return found;
        }
        while (true) {
            if (peek() != '"') {
                throw wrong("expected a key in quotes");
            }
            String key = string();
            expect(':');
            found.put(key, value());
            if (peek() != ',') {
                expect('}');
                return found;
            }
            at++;
        }
    }

    private List<Object> array() {
        List<Object> found = new ArrayList<>();
        at++;
        if (peek() == ']') {
            at++;
            return found;
        }
        while (true) {
            found.add(value());
            if (peek() != ',') {
                expect(']');
                return found;
            }
            at++;
        }
    }

    private String string() {
        int start = ++at;
        StringBuilder unescaped = null;
        while (at < text.length()) {
            char sign = text.charAt(at);
            if (sign == '"') {
                String rest = text.substring(start, at++);
                return unescaped == null ? rest : unescaped.append(rest).toString();
            }
            if (sign < ' ') {
                throw wrong("a control character in a string");
            }
            if (sign != '\\') {
                at++;
                continue;
            }
            if (unescaped == null) {
                unescaped = new StringBuilder();
            }
            unescaped.append(text, start, at++);
            unescaped.append(escape());
            start = at;
        }
        throw wrong("a string without an end");
    }

    private char escape() {
        char sign = at < text.length() ? text.charAt(at++) : 0;
        switch (sign) {
            case '"': case '\\': case '/': return sign;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u':
                int code = 0;
                for (int end = at + 4; at < end; at++) {
                    int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
                    if (digit < 0) {
                        throw wrong("expected four hexadecimal digits");
                    }
                    code = code << 4 | digit;
                }
                return (char) code;
            default: throw wrong("an unknown escape");
        }
    }

    private Double number() {
        int start = at;
        if (text.charAt(at) == '-') {
            at++;
        }
        int digits = digits();
        if (digits == 0 || digits > 1 && text.charAt(at - digits) == '0') {
            throw wrong("a number that is none");
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            if (digits() == 0) {
                throw wrong("a number that is none");
            }
        }
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            if (digits() == 0) {
                throw wrong("a number that is none");
            }
        }
        return Double.valueOf(text.substring(start, at));
    }

    private int digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - start;
    }

    private Object word() {
        if (text.startsWith("true", at)) {
            at += 4;
            return Boolean.TRUE;
        }
        if (text.startsWith("false", at)) {
            at += 5;
            return Boolean.FALSE;
        }
        if (text.startsWith("null", at)) {
            at += 4;
            return null;
        }
        throw wrong("expected a value");
    }

    /** The next sign that is no space; 0 at the end. */
    private char peek() {
        while (at < text.length()) {
            char sign = text.charAt(at);
            if (sign != ' ' && sign != '\t' && sign != '\n' && sign != '\r') {
                return sign;
            }
            at++;
        }
        return 0;
    }

    private void expect(char sign) {
        if (peek() != sign) {
            throw wrong("expected '" + sign + "'");
        }
        at++;
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("not JSON: " + what + " at character " + (at + 1));
    }

    /**
     * The JSON text of a result. Raises {@code IllegalArgumentException} for what has none, and
     * {@code StackOverflowError} for what holds itself.
     */
    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof CharSequence || value instanceof Character || value instanceof Enum) {
            quote(value instanceof Enum ? ((Enum<?>) value).name() : value.toString(), true, out);
        } else if (value instanceof Number) {
            number((Number) value, out);
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Map) {
            map((Map<?, ?>) value, out);
        } else if (value instanceof Iterable) {
            iterable((Iterable<?>) value, out);
        } else if (value.getClass().isArray()) {
            array(value, out);
        } else {
            fields(value, out);
        }
    }

    private static void number(Number value, StringBuilder out) {
        if (value instanceof Double || value instanceof Float) {
            double number = value.doubleValue();
            if (Double.isNaN(number) || Double.isInfinite(number)) {
                throw new IllegalArgumentException(value + " is not a number that JSON has");
            }
        } else if (!value.getClass().getName().startsWith("java.")) {
            throw new IllegalArgumentException("Number of type " + value.getClass().getName() + " has no JSON form");
        }
        out.append(value);
    }

    private static void map(Map<?, ?> value, StringBuilder out) {
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : value.entrySet()) {
            first = member(String.valueOf(entry.getKey()), entry.getValue(), first, out);
        }
        out.append('}');
    }

    private static boolean member(String key, Object value, boolean first, StringBuilder out) {
        if (value == null) {
            return first;
        }
        if (!first) {
            out.append(',');
        }
        quote(key, true, out);
        out.append(':');
        write(value, out);
        return false;
    }

    private static void iterable(Iterable<?> value, StringBuilder out) {
        out.append('[');
        String comma = "";
        for (Object each : value) {
            out.append(comma);
            write(each, out);
            comma = ",";
        }
        out.append(']');
    }

    private static void array(Object value, StringBuilder out) {
        out.append('[');
        for (int index = 0; index < Array.getLength(value); index++) {
            out.append(index == 0 ? "" : ",");
            write(Array.get(value, index), out);
        }
        out.append(']');
    }

    /** The fields of a user's object, its own first, as Gson takes them. */
    private static void fields(Object value, StringBuilder out) {
        Class<?> type = value.getClass();
        String name = type.getName();
        if (name.startsWith("java.") || name.startsWith("javax.") || name.startsWith("jdk.")) {
            throw new IllegalArgumentException("Object of type " + name + " has no JSON form");
        }
        out.append('{');
        boolean first = true;
        for (; type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (Modifier.isStatic(modifiers) || Modifier.isTransient(modifiers) || field.isSynthetic()) {
                    continue;
                }
                try {
                    field.setAccessible(true);
                    first = member(field.getName(), field.get(value), first, out);
                } catch (IllegalAccessException error) {
                    throw new IllegalArgumentException(error.getMessage());
                }
            }
        }
        out.append('}');
    }

    /** Gson escapes what HTML and old JavaScript would misread; elsewhere that only gets into a reader's way. */
    static void quote(String text, boolean asGson, StringBuilder out) {
        out.append('"');
        for (int index = 0; index < text.length(); index++) {
            char sign = text.charAt(index);
            switch (sign) {
                case '"': out.append("\\\""); break;
                case '\\': out.append("\\\\"); break;
                case '\b': out.append("\\b"); break;
                case '\f': out.append("\\f"); break;
                case '\n': out.append("\\n"); break;
                case '\r': out.append("\\r"); break;
                case '\t': out.append("\\t"); break;
                default:
                    if (sign < ' ' || asGson && "<>&='\u2028\u2029".indexOf(sign) >= 0) {
                        hexadecimal(sign, out);
                    } else {
                        out.append(sign);
                    }
            }
        }
        out.append('"');
    }

    private static void hexadecimal(char sign, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(sign >> shift & 15, 16));
        }
    }
}
