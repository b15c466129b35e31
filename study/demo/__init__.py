"""The demonstration as data (`steps.yaml`), played in a browser by `playing`; `python -m study.demo` takes its pictures."""
