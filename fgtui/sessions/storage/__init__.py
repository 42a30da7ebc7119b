"""What is below the store: its file, tables, rows and statements, and how they are read and thinned out."""
