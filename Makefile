# Each target is a script of the same name; `make run` and `make test` install what they need.
.PHONY: run test dev lint bench site torture
.DEFAULT_GOAL := run

run test dev lint bench site torture:
	@scripts/$@
