"""What Puls costs to build and to run, computed: dated prices, stated scenarios, the priced resources of the AWS templates.

Pure: reads the data files beside it and nothing else; no network, clock or database. The ledger (`puls.costs`) says what was
spent, this package what will be. Enter at `puls.costing.report.report_of`; single figures by `puls.costing.running.bill_of`.
"""
