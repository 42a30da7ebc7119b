package handlers;

import com.google.gson.JsonObject;
import com.huawei.services.runtime.Context;

public class Events {
    public String jsonObject(JsonObject event, Context context) {
        return event.getClass().getName() + " " + event.get("id") + " " + event;
    }

    public String pojo(Order event, Context context) {
        return event.id + " " + event.amount + " " + event.item.name;
    }

    public String number(int event, Context context) {
        return "int " + event;
    }

    public static class Order {
        private String id;
        double amount;
        Item item;
    }

    public static class Item {
        String name;
    }
}
