"""What speaks against the table of switch points: records that say otherwise, or say too little."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from probe import digest as digest_of
from probe import enough
from probes import KINDS, NODES

from anyorder.exploring.rewriting.switch_points import NEVER, POINTS
from anyorder.exploring.versions import VERSIONS

digest = cache(digest_of)
RECORDS = Path(__file__).parent / "records"

# places that count as switch points though none was seen there, by kind and version, and why
UNSEEN: dict[tuple[str, str], str] = {}


def read():
    """Return the records, by version."""
    return {
        version: json.loads((RECORDS / f"{version}.json").read_text(encoding="utf-8"))
        for version in VERSIONS
    }


def probes_of(name, version):
    """Return the probes of a kind that a version knows."""
    since = tuple(int(part) for part in version.split("."))
    return {label: one for label, one in KINDS[name].probes.items() if since >= one.since}


def switches(record):
    """Return how many switches a record has."""
    return record["switches"] + record["warm_switches"]


def faults(records, points=POINTS, never=NEVER):
    """Yield a sentence for each thing in which the table and the records do not agree."""
    table = dict(points) | dict.fromkeys(never, -1)
    for name in KINDS.keys() - table.keys() - {"nothing at all"}:
        yield f"{name}: is probed, and is not in the table"
    for name in table.keys() - KINDS.keys() - NODES.keys():
        yield f"{name}: has no probe"
    for number, version in enumerate(VERSIONS):
        for name in KINDS:
            is_point = not table.get(name, -1) >> number & 1
            found = records[version]["kinds"].get(name, {})
            yield from contradictions(version, name, found, is_point)


def contradictions(version, name, found, is_point):
    """Yield what speaks against what the table has of one kind on one version."""
    here = f"{name}, {version}"
    probes = probes_of(name, version)
    for label in found.keys() - probes.keys():
        yield f"{here}: {label}: is recorded, and is no probe"
    for label, probe in probes.items():
        record = found.get(label)
        if record is None or record["probe"] != digest(probe):
            yield f"{here}: {label}: was not measured, or before its probe was changed"
        elif switches(record) and not is_point:
            yield f"{here}: {label}: is called none, and {switches(record)} switches were seen"
        elif not enough(KINDS[name], probe, record):
            yield f"{here}: {label}: {record['rounds']} rounds are too few"
    seen = any(switches(record) for record in found.values())
    if is_point and probes and not seen and (name, version) not in UNSEEN:
        yield f"{here}: is called a switch point, and none was seen"
    if seen and (name, version) in UNSEEN:
        yield f"{here}: was seen, and is said not to have been"
