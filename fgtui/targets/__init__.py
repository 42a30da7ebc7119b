"""What a person names becomes a target: handlers, URLs, URNs, names of the settings, and who calls them."""
