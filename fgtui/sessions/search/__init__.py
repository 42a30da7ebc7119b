"""Full text over exchanges."""
