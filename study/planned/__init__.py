"""The dated source of the study, read strictly, planned and exported: needs, backlog, plan, risks, clouds, models, stores, watch.

Enter at `study.planned.loading.read_study`, `study.planned.planning.schedule_of` and `python -m study.planned.exports`.
"""
