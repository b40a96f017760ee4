# Each target is a script of the same name; `make run` and `make test` need nothing installed by hand.
.PHONY: run test dev lint bench site torture firefox image packaging
.DEFAULT_GOAL := run

run test dev lint bench site torture firefox image packaging:
	@scripts/$@
