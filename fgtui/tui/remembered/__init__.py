"""What a workbench keeps on disk between two starts."""
