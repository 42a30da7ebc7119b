package com.google.gson;

/** Compiled against, and left out of what stands in for Gson. */
public class JsonArray {
}
