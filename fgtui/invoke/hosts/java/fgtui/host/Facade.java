package fgtui.host;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Makes a class that implements an interface of the handler's by asking one function: {@code (name, arguments) →
 * value}. A {@code java.lang.reflect.Proxy} would do but for one published sample: it prints the context with Gson to
 * learn the logger's level, {@code logger.logLevel}. So there is one public field beside the function, which is transient.
 *
 * <p>Default methods of the interface stay as they are.
 */
final class Facade extends ClassLoader {
    private static final String FUNCTION = "java/util/function/BiFunction";

    Facade(ClassLoader parent) {
        super(parent);
    }

    /** A class named {@code name} with a constructor that takes the function, and the field. */
    Class<?> make(String name, Class<?> contract, String field, String fieldType) {
        byte[] code = new Writer(name.replace('.', '/'), contract).write(field, fieldType);
        return defineClass(name, code, 0, code.length);
    }

    /** The type of a field, parameter or result as class files spell it. */
    static String descriptor(Class<?> type) {
        if (type.isArray()) {
            return type.getName().replace('.', '/');
        }
        if (!type.isPrimitive()) {
            return 'L' + type.getName().replace('.', '/') + ';';
        }
        return Primitive.of(type).sign;
    }

    /** What class files and boxes call a primitive type. */
    private enum Primitive {
        VOID(void.class, "V", "java/lang/Void", 0, 0),
        BOOLEAN(boolean.class, "Z", "java/lang/Boolean", 21, 172),
        BYTE(byte.class, "B", "java/lang/Byte", 21, 172),
        CHAR(char.class, "C", "java/lang/Character", 21, 172),
        SHORT(short.class, "S", "java/lang/Short", 21, 172),
        INT(int.class, "I", "java/lang/Integer", 21, 172),
        LONG(long.class, "J", "java/lang/Long", 22, 173),
        FLOAT(float.class, "F", "java/lang/Float", 23, 174),
        DOUBLE(double.class, "D", "java/lang/Double", 24, 175);

        final Class<?> type;
        final String sign;
        final String box;
        final int load;
        final int giveBack;

        Primitive(Class<?> type, String sign, String box, int load, int giveBack) {
            this.type = type;
            this.sign = sign;
            this.box = box;
            this.load = load;
            this.giveBack = giveBack;
        }

        static Primitive of(Class<?> type) {
            for (Primitive each : values()) {
                if (each.type == type) {
                    return each;
                }
            }
            throw new IllegalArgumentException(type.getName());
        }

        int slots() {
            return this == LONG || this == DOUBLE ? 2 : 1;
        }
    }

    /** Writes one class file: no branches, so no stack maps. */
    private static final class Writer {
        private static final int VERSION = 52; // Java 8
        private static final int STACK = 8;
        private static final int ALOAD = 25;
        private static final int ARETURN = 176;
        private static final int RETURN = 177;

        private final String name;
        private final Class<?> contract;
        private final Map<String, Integer> places = new HashMap<>();
        private final ByteArrayOutputStream poolBytes = new ByteArrayOutputStream();
        private final DataOutputStream pool = new DataOutputStream(poolBytes);
        private int constants = 1;

        Writer(String name, Class<?> contract) {
            this.name = name;
            this.contract = contract;
        }

        byte[] write(String field, String fieldType) {
            try {
                ByteArrayOutputStream methodBytes = new ByteArrayOutputStream();
                DataOutputStream methods = new DataOutputStream(methodBytes);
                constructor(methods);
                int count = 1;
                Set<String> written = new HashSet<>();
                for (Method method : contract.getMethods()) {
                    String signature = signature(method);
                    if (Modifier.isAbstract(method.getModifiers()) && written.add(method.getName() + signature)) {
                        forward(method, signature, methods);
                        count++;
                    }
                }
                int self = type(name);
                int parent = type("java/lang/Object");
                int face = type(contract.getName().replace('.', '/'));
                int[] call = {utf8("call"), utf8('L' + FUNCTION + ';')};
                int[] own = {utf8(field), utf8(fieldType)};
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                DataOutputStream out = new DataOutputStream(whole);
                out.writeInt(0xCAFEBABE);
                out.writeInt(VERSION);
                out.writeShort(constants);
                poolBytes.writeTo(out);
                shorts(out, 0x0031, self, parent, 1, face); // public, final, super
                shorts(out, 2, 0x0082, call[0], call[1], 0); // private transient
                shorts(out, 0x0001, own[0], own[1], 0); // public
                out.writeShort(count);
                methodBytes.writeTo(out);
                out.writeShort(0);
                return whole.toByteArray();
            } catch (IOException error) { // memory does not fail so
                throw new IllegalStateException(error);
            }
        }

        private void constructor(DataOutputStream methods) throws IOException {
            Code code = new Code();
            code.local(ALOAD, 0);
            code.pooled(183, member(10, "java/lang/Object", "<init>", "()V"));
            code.local(ALOAD, 0);
            code.local(ALOAD, 1);
            code.pooled(181, callField());
            code.out.write(RETURN);
            code.finish("<init>", "(L" + FUNCTION + ";)V", 2, methods);
        }

        private void forward(Method method, String signature, DataOutputStream methods) throws IOException {
            Code code = new Code();
            code.local(ALOAD, 0);
            code.pooled(180, callField());
            code.pooled(19, text(method.getName()));
            Class<?>[] parameters = method.getParameterTypes();
            code.number(parameters.length);
            code.pooled(189, type("java/lang/Object"));
            int slot = 1;
            for (int index = 0; index < parameters.length; index++) {
                code.out.write(89); // dup
                code.number(index);
                slot += code.load(parameters[index], slot);
                code.out.write(83); // aastore
            }
            String function = "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;";
            code.pooled(185, member(11, FUNCTION, "apply", function));
            shorts(code.out, 3 << 8);
            code.giveBack(method.getReturnType());
            code.finish(method.getName(), signature, slot, methods);
        }

        private int callField() throws IOException {
            return member(9, name, "call", 'L' + FUNCTION + ';');
        }

        private static String signature(Method method) {
            StringBuilder text = new StringBuilder("(");
            for (Class<?> type : method.getParameterTypes()) {
                text.append(descriptor(type));
            }
            return text.append(')').append(descriptor(method.getReturnType())).toString();
        }

        // The pool of constants

        private int utf8(String text) throws IOException {
            String key = "1:" + text;
            Integer known = places.get(key);
            if (known != null) {
                return known;
            }
            pool.write(1);
            pool.writeUTF(text);
            return placed(key);
        }

        private int type(String type) throws IOException {
            return indirect(7, type);
        }

        private int text(String text) throws IOException {
            return indirect(8, text);
        }

        private int indirect(int tag, String text) throws IOException {
            String key = tag + ":" + text;
            Integer known = places.get(key);
            if (known != null) {
                return known;
            }
            int at = utf8(text);
            pool.write(tag);
            pool.writeShort(at);
            return placed(key);
        }

        private int member(int tag, String owner, String member, String signature) throws IOException {
            String key = tag + ":" + owner + '.' + member + signature;
            Integer known = places.get(key);
            if (known != null) {
                return known;
            }
            int[] parts = {type(owner), utf8(member), utf8(signature)};
            pool.write(12);
            shorts(pool, parts[1], parts[2]);
            int named = placed("12:" + member + ':' + signature + tag + owner);
            pool.write(tag);
            shorts(pool, parts[0], named);
            return placed(key);
        }

        private int placed(String key) {
            places.put(key, constants);
            return constants++;
        }

        private static void shorts(DataOutputStream out, int... numbers) throws IOException {
            for (int number : numbers) {
                out.writeShort(number);
            }
        }

        /** The instructions of one method. */
        private final class Code {
            private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            private final DataOutputStream out = new DataOutputStream(bytes);

            void local(int operation, int slot) throws IOException {
                out.write(operation);
                out.write(slot);
            }

            void pooled(int operation, int constant) throws IOException {
                out.write(operation);
                out.writeShort(constant);
            }

            void number(int number) throws IOException {
                out.write(17); // sipush
                out.writeShort(number);
            }

            /** Put a parameter on the stack as an object; the slots it takes. */
            int load(Class<?> type, int slot) throws IOException {
                if (!type.isPrimitive()) {
                    local(ALOAD, slot);
                    return 1;
                }
                Primitive primitive = Primitive.of(type);
                local(primitive.load, slot);
                String signature = '(' + primitive.sign + ")L" + primitive.box + ';';
                pooled(184, member(10, primitive.box, "valueOf", signature));
                return primitive.slots();
            }

            void giveBack(Class<?> type) throws IOException {
                if (type == void.class) {
                    out.write(87); // pop
                    out.write(RETURN);
                } else if (type.isPrimitive()) {
                    Primitive primitive = Primitive.of(type);
                    pooled(192, type(primitive.box));
                    pooled(182, member(10, primitive.box, type.getName() + "Value", "()" + primitive.sign));
                    out.write(primitive.giveBack);
                } else {
                    String cast = type.isArray() ? descriptor(type) : type.getName().replace('.', '/');
                    pooled(192, type(cast));
                    out.write(ARETURN);
                }
            }

            private int type(String type) throws IOException {
                return Writer.this.type(type);
            }

            void finish(String method, String signature, int locals, DataOutputStream methods) throws IOException {
                shorts(methods, 0x0001, utf8(method), utf8(signature), 1, utf8("Code"));
                methods.writeInt(12 + bytes.size());
                shorts(methods, STACK, locals);
                methods.writeInt(bytes.size());
                bytes.writeTo(methods);
                shorts(methods, 0, 0);
            }
        }
    }

    /** An object of a class made here. */
    static Object create(Class<?> made, BiFunction<String, Object[], Object> call) {
        try {
            return made.getConstructor(BiFunction.class).newInstance(call);
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(error);
        }
    }
}
