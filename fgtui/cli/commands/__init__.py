"""One module per verb: ``add_parser()`` and ``run()``."""
