# The four things one does here. Each installs what it needs (see .ci/setup) and says what it does.
.PHONY: demo test check bench

# make demo          simulated phones live through a week; then console and API stay up until Ctrl-C
# make demo ONCE=1   stops after the printing
demo:
	@.ci/setup build bus
	@cargo build --release --quiet --package haigou-server --package haigou-demo
	@target/release/haigou demo --dir demo $(if $(ONCE),--once)

# Everything that can be tested on this machine; ends with a line per part.
test:
	@.ci/setup build postgres bus
	@.ci/test

# Formatting, lints, licences and advisories of dependencies, generated files.
check:
	@.ci/setup build deny
	@.ci/check

# make bench              every benchmark, its goal beside the figure
# make bench ONLY=steps   one of them
bench:
	@.ci/setup build
	@cargo build --release --quiet --package haigou-bench
	@target/release/haigou-bench $(if $(ONLY),$(ONLY),all)
