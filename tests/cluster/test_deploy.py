"""The files under deploy/ hold together: they can be read, their images are pinned, their commands are commands."""

import re
import shlex
from pathlib import Path

import pytest
import typer
import yaml

import playbook
from playbook.cli import app

#: A version in full, best with a digest: no name that means something else tomorrow.
_PINNED = re.compile(r"[\w./-]+:\d+(\.\d+)+[\w.-]*(@sha256:[0-9a-f]{64})?")


@pytest.fixture(scope="module")
def compose(root):
    return yaml.safe_load((root / "deploy" / "compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def objects(root):
    return list(yaml.safe_load_all((root / "deploy" / "kubernetes.yaml").read_text(encoding="utf-8")))


def pods(objects):
    """Name and specification of everything that runs."""
    return {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]
        for one in objects
        if one["kind"] in ("Deployment", "StatefulSet")
    }


def read(command):
    """Parse a command line as the program itself would, without doing it; the program's options."""
    if command[:2] == ["sh", "-c"]:
        inner = command[2].replace("$$(hostname -i)", "10.0.0.7").removeprefix("exec ")
        return read(shlex.split(inner))
    if command[:2] == ["dask", "scheduler"]:
        from distributed.cli.dask_scheduler import main

        return main.make_context("scheduler", list(command[2:])).params
    if command[0] == "playbook":
        group = typer.main.get_command(app)
        return group.commands[command[1]].make_context(command[1], list(command[2:])).params
    assert command == ["sleep", "infinity"], command
    return {}


def images(root, compose, objects):
    from_line = re.findall(r"^FROM (\S+)", (root / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    in_pods = [one["image"] for spec in pods(objects).values() for one in spec["containers"]]
    return from_line + [one["image"] for one in compose["services"].values()] + in_pods


def test_every_image_is_pinned_and_ours_is_of_this_version(root, compose, objects):
    found = images(root, compose, objects)
    assert len(found) == 1 + 4 + 4
    assert [one for one in found if not _PINNED.fullmatch(one)] == []
    ours = {one.rpartition("/")[2] for one in found if "playbook" in one}
    assert ours == {f"playbook:{playbook.__version__}"}


@pytest.mark.parametrize("image", ["python", "python:latest", "python:3", "playbook:main"])
def test_an_image_that_may_change_counts_as_not_pinned(image):
    assert not _PINNED.fullmatch(image)


def test_the_commands_are_commands_of_the_programs(compose, objects):
    told = {name: read(one["command"]) for name, one in compose["services"].items() if "command" in one}
    assert told["worker"]["address"] == told["grader"]["cluster"] == "tcp://scheduler:8786"
    assert told["worker"]["require_sandbox"] is True
    assert told["grader"]["submissions"] == Path("/in")
    assert told["scheduler"]["port"] == "8786"
    there = {
        name: read(container["command"])
        for name, spec in pods(objects).items()
        for container in spec["containers"]
        if "command" in container
    }
    assert there["worker"]["address"] == "tcp://scheduler:8786"
    assert there["worker"]["host"] == "$(POD_IP)"
    assert there["scheduler"]["port"] == "8786"


def test_the_command_in_the_comment_grades(root):
    text = (root / "deploy" / "kubernetes.yaml").read_text(encoding="utf-8")
    line = re.search(r"exec grader-0 -- (playbook grade .*)\\\n#\s+(.*)", text)
    told = read(shlex.split(f"{line[1]} {line[2]}"))
    assert told["cluster"] == "tcp://scheduler:8786"
    assert told["gradebook"].startswith("postgresql+psycopg://")


def test_compose_opens_no_port_and_no_way_out(compose):
    assert compose["networks"] == {"grading": {"internal": True}}
    for name, one in compose["services"].items():
        assert "ports" not in one, name
        assert one["networks"] == ["grading"], name
        assert not one.get("privileged"), name
    for name in ("scheduler", "worker", "grader"):
        one = compose["services"][name]
        assert (one["cap_drop"], one["read_only"]) == (["ALL"], True), name
    named = {
        volume.partition(":")[0]
        for one in compose["services"].values()
        for volume in one.get("volumes", ())
        if isinstance(volume, str)
    }
    assert named == set(compose["volumes"])
    for one in compose["services"].values():
        assert set(one.get("depends_on", {})) <= set(compose["services"])


def test_kubernetes_lets_nobody_in_from_outside(objects):
    [policy] = [one["spec"] for one in objects if one["kind"] == "NetworkPolicy"]
    assert policy["podSelector"] == {}
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert policy["ingress"] == [{"from": [{"podSelector": {}}]}]
    outside = [port["port"] for rule in policy["egress"] for port in rule.get("ports", ())]
    assert outside == [53, 53]
    for one in objects:
        assert one["metadata"]["namespace"] == "playbook"
        assert one["kind"] != "Service" or one["spec"].get("type", "ClusterIP") == "ClusterIP"


def test_kubernetes_objects_fit_together(objects):
    names = {(one["kind"], one["metadata"]["name"]) for one in objects}
    assert len(names) == len(objects)
    running = pods(objects)
    ports = {
        port["name"]: port["containerPort"]
        for spec in running.values()
        for container in spec["containers"]
        for port in container.get("ports", ())
    }
    for one in objects:
        spec = one["spec"]
        if one["kind"] == "Service":
            assert spec["selector"]["app"] in running
            for port in spec.get("ports", ()):
                assert ports[port["targetPort"]] == port["port"]
        if one["kind"] in ("Deployment", "StatefulSet"):
            assert one["apiVersion"] == "apps/v1"
            assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
            claims = {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", ())}
            volumes = {volume["name"] for volume in spec["template"]["spec"].get("volumes", ())} | claims
            for container in spec["template"]["spec"]["containers"]:
                assert {mount["name"] for mount in container["volumeMounts"]} == volumes
        if one["kind"] == "StatefulSet":
            assert ("Service", spec["serviceName"]) in names


def test_no_pod_has_rights(objects):
    for name, spec in pods(objects).items():
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        for container in spec["containers"]:
            own = container["securityContext"]
            assert own["allowPrivilegeEscalation"] is False, name
            assert own["capabilities"] == {"drop": ["ALL"]}, name
            assert "memory" in container["resources"]["limits"], name


def test_the_image_is_made_of_files_that_are_there_and_runs_without_rights(root):
    lines = (root / "deploy" / "Dockerfile").read_text().splitlines()
    copied = [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]
    assert {"requirements.txt", "playbook", "data", "exercises", "_config.yml"} <= set(copied)
    assert [name for name in copied if not (root / name).exists()] == []
    assert any(line.startswith("RUN pip install --no-deps -r requirements.txt") for line in lines)
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
