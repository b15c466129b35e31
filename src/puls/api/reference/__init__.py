"""`/docs`: the API's description as a page of ours, light and without a script. Enter at `routes.router`."""
