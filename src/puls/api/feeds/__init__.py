"""Any search to subscribe to: RSS 2.0, JSON Feed 1.1 and iCalendar. Enter at `routes.router`."""
