"""Tables of the study, made from its sources: `{{ bloc: name }}` of a text becomes one of these. Enter at `sources.blocks`."""
