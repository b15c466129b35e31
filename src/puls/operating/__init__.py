"""What an operator sees of Puls: is it healthy, is it fast, are people happy, what do they not get, what does it cost.

Figures come from the product's own tables and equal direct SQL over them; nothing is told about a single visitor. Enter at
`looking.Operating.look`; what other parts can tell (jobs, experiments, drift) is asked through `sights`.
"""
