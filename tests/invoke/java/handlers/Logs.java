package handlers;

import com.opentelekomcloud.services.runtime.Context;
import com.opentelekomcloud.services.runtime.RuntimeLogger;

public class Logs {
    public String levels(String event, Context context) {
        RuntimeLogger logger = context.getLogger();
        logger.setLevel(event.replace("\"", ""));
        logger.setLevel("loud");
        logger.setLevel(null);
        logger.debug("d");
        logger.info("i");
        logger.warn("w");
        logger.error("e");
        logger.log("always");
        return "ok";
    }

    public String text(String event, Context context) {
        context.getLogger().log("two\nlines \u4e2d\u6587");
        context.getLogger().info(null);
        context.getLogger().info("");
        context.getLogger().info("%s {} 100%");
        return "ok";
    }

    public String large(String event, Context context) {
        StringBuilder text = new StringBuilder();
        for (int count = 0; count < 92160 + 10; count++) {
            text.append('x');
        }
        context.getLogger().info(text.toString());
        return "ok";
    }

    public String printed(String event, Context context) {
        System.out.println("out \u4e2d");
        System.err.println("err");
        System.out.print("no end of line");
        return "ok";
    }
}
