"""What brings visitors back: searches that they keep, what is new in them, letters by e-mail to who asked for them twice.

Knows nothing of HTTP or pages. Enter at `saved.SavedSearches`, `whats_new.WhatsNew`, `letters.Letters` and
`sending.LetterSender`.
"""
