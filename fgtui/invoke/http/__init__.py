"""HTTP as calls need it: one request, one answer, within a deadline and limits, over connections that are kept."""
