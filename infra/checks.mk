# What reads infra and .github, without network; included by the Makefile. Its requirements are its own, in versions that
# gp cannot use.

CHECKS := .venv-checks
# KEDA's and kustomize's own kinds have no schema here; tests/infra looks at them.
KUBERNETES := $(addprefix infra/kubernetes/base/,deployment.yaml disruption-budget.yaml network-policy.yaml service-account.yaml)
# Tests hold invented secrets on purpose, a lock holds hashes.
SCAN_SECRETS := $(CHECKS)/bin/checkov --directory . --framework secrets --enable-secret-scan-all-files --skip-download \
	--quiet --compact --skip-check CKV_SECRET_4 $(addprefix --skip-path ,tests/ requirements/ .git/ .venv mutants/ .cache _cache .hypothesis)

.PHONY: checks audit secrets

checks: $(CHECKS)/.stamp
	$(CHECKS)/bin/hadolint infra/Dockerfile
	$(CHECKS)/bin/shellcheck .ci/run scripts/*.sh infra/deploy/*.sh
	$(CHECKS)/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yaml
	$(CHECKS)/bin/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yaml
	$(CHECKS)/bin/check-jsonschema --builtin-schema vendor.compose-spec infra/compose.yaml
	$(CHECKS)/bin/zizmor --quiet --offline --config .github/zizmor.yaml .github
	$(CHECKS)/bin/kubernetes-validate --quiet --strict $(KUBERNETES)
	$(CHECKS)/bin/checkov --config-file infra/checkov.yaml
	$(SCAN_SECRETS)

# One at a time: a package may be in several locks.
audit: $(CHECKS)/.stamp
	set -e; for lock in run dev build mutants checks; do \
		$(CHECKS)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements/$$lock.txt; done

secrets: $(CHECKS)/.stamp
	$(SCAN_SECRETS)

$(CHECKS)/.stamp: scripts/venv.sh requirements/checks.txt
	sh scripts/venv.sh $(CHECKS)
	$(CHECKS)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes --no-deps -r requirements/checks.txt
	@touch $@
