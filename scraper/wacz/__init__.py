"""Evidence to hand over: WACZ packages of releases, with report and time stamps; their check."""
