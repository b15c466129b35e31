"""The public site: the Markdown of docs/ through zensical, with a page for each file of the repository that a page links to."""
