"""How the workbench looks: the themes and what is drawn with them."""
