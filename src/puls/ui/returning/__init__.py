"""What brings people back: saved searches, letters by e-mail, feeds, the app and its offline page. Enter at each module's `router`."""
