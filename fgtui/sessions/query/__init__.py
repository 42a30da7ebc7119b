"""JMESPath over exchanges."""
