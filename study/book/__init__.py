"""The study as a PDF that readers and screen readers can use (PDF/UA-1), set by typst from the Markdown that the site shows."""
