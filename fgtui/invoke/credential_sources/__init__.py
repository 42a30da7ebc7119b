"""Where credentials come from: one module for each place, all of them references to something kept elsewhere."""
