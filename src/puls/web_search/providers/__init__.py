"""Search providers behind one interface, and the cascade that asks them in order.

`spec` reads the setting, `making` builds the clients, `cascade` asks them within limits, a budget and one deadline, and
`queries` makes the words that are sent: of an event or a wish, never of a visitor. Enter at `Cascade.search`.
"""
