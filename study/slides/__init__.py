"""The presentation: `deck.yaml` laid out once as scenes, then written as PowerPoint (native shapes) and as PDF. Enter at `deck.slides`."""
