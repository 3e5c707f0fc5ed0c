import shutil
import subprocess

from tests.dashboards.panels import RULES


def test_the_alarms_fire_when_they_should_and_only_then() -> None:
    program = shutil.which("promtool")
    assert program, "install promtool: sh scripts/apt-install.sh prometheus"
    run = subprocess.run(
        [program, "test", "rules", "rules_test.yaml"], cwd=RULES, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_the_configuration_beside_them_is_one() -> None:
    program = shutil.which("promtool")
    assert program, "install promtool: sh scripts/apt-install.sh prometheus"
    run = subprocess.run(
        [program, "check", "config", "prometheus.yaml"], cwd=RULES, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr
