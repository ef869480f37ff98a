"""What the code can say is written down, and what is written down exists."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator

from optimizer.domain.policy import Priority, Rule, Term
from optimizer.domain.reason import UnservedReason
from optimizer.errors import HomecareError
from tests.architecture.source import ROOT, project

DOCS = ROOT / "docs"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WHERE = "Where a rule is kept"
INSIDE = {"pydantic_core": "pydantic", "starlette": "fastapi"}
EXTRAS = {
    "service": PROJECT["optional-dependencies"]["service"],
    "optimizer.parallel": PROJECT["optional-dependencies"]["cluster"],
    "optimizer.report.archive": PROJECT["optional-dependencies"]["parquet"],
}
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """Return the text of one ``##`` section of a page in docs."""
    text = (DOCS / page).read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def first_column(text: str) -> list[str]:
    """Return the codes that open the rows of a table."""
    return re.findall(r"^\| `([\w-]+)` \|", text, flags=re.MULTILINE)


def package_names(specifiers: list[str]) -> list[str]:
    """Return the names of requirements such as ``numpy>=2``."""
    return [re.split(r"[<>=!~\[; ]", each)[0] for each in specifiers]


def error_classes(root: type[HomecareError] = HomecareError) -> Iterator[type[HomecareError]]:
    """Return an error class and all that derive from it."""
    yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


def test_every_rule_is_defined() -> None:
    """The table of hard rules has one row per rule, in the order of the list."""
    assert first_column(section("problem.md", "Hard rules")) == [str(rule) for rule in Rule]


def test_every_cost_term_is_defined() -> None:
    """The table of cost terms has one row per term, in the order of the list."""
    assert first_column(section("problem.md", "Cost terms")) == [str(term) for term in Term]


def test_where_each_rule_is_kept_is_told() -> None:
    """The table has every rule once for each of its parts, and names modules that there are."""
    rows = re.findall(r"^\| (`.+?) \| (.+) \| (.+) \|$", section("architecture.md", WHERE), re.M)
    told = [code for codes, _, _ in rows for code in re.findall(r"`(\w+)`", codes)]
    assert set(told) == {str(rule) for rule in Rule}
    missing = [
        f"{room}/{name}"
        for _, *cells in rows
        for room, cell in zip(("problem", "search/kernels"), cells, strict=True)
        for name in re.findall(r"`(\w+\.py)`", cell)
        if not (ROOT / "optimizer" / room / name).exists()
    ]
    assert not missing, "\n".join(missing)


def test_every_priority_is_explained() -> None:
    """The page on the problem says what each priority is worth."""
    text = section("problem.md", "Cost terms")
    missing = [priority for priority in Priority if not re.search(rf"\b{priority}\b", text)]
    assert not missing, "\n".join(missing)


def test_every_reason_is_explained() -> None:
    """The page on reasons knows each first reason."""
    text = (DOCS / "reasons.md").read_text(encoding="utf-8")
    missing = [reason for reason in UnservedReason if f"`{reason}`" not in text]
    assert not missing, "\n".join(missing)


def test_every_error_is_explained() -> None:
    """The page on errors knows each code."""
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    codes = sorted({each.code for each in error_classes()} - {"error"})
    missing = [code for code in codes if f"`{code}`" not in text]
    assert not missing, "\n".join(missing)


def dependencies() -> list[str]:
    """Return the names of all direct dependencies, extras included."""
    extras = PROJECT["optional-dependencies"].values()
    return sorted(set(package_names(PROJECT["dependencies"] + [e for x in extras for e in x])))


def test_every_dependency_has_a_reason() -> None:
    """The page on dependencies has one row per direct dependency."""
    rows = first_column((DOCS / "dependencies.md").read_text(encoding="utf-8"))
    assert sorted(rows) == dependencies()


def strangers(name: str) -> set[str]:
    """Return the packages that a module imports although it declares none of them."""
    extra: list[str] = next((e for room, e in EXTRAS.items() if name.startswith(room)), [])
    known = set(package_names(PROJECT["dependencies"] + extra)) | sys.stdlib_module_names
    packages = {each.module.split(".")[0] for each in project()[name].imports(project())}
    found = {INSIDE.get(package, package) for package in packages}
    # A package is named with hyphens where it is installed, with underscores where it is used.
    return {
        each
        for each in found - {"optimizer", "service"}
        if not {each, each.replace("_", "-")} & known
    }


def test_only_declared_dependencies_are_imported() -> None:
    """What a module imports is Python's, the project's, or named in pyproject.toml."""
    breaches = [
        f"{project()[name].place} imports {package}"
        for name in sorted(project())
        for package in sorted(strangers(name))
    ]
    assert not breaches, "\n".join(breaches)


def test_the_lock_holds_every_dependency() -> None:
    """All but the peers, Ray, Parquet and the browser's driver are pinned (``make lock``)."""
    extras = PROJECT["optional-dependencies"]
    names = ("bench", "browser", "cluster", "parquet")
    loose = set(package_names([one for name in names for one in extras[name]]))
    pinned = set(re.findall(r"^([\w.-]+)==", LOCK, flags=re.MULTILINE))
    assert set(dependencies()) - loose - pinned == set()


def test_the_lock_names_no_place() -> None:
    """The lock file holds names, versions and hashes: no address and no folder."""
    assert re.findall(r"\S*(?:://|file:|--find-links|index-url)\S*", LOCK) == []
    assert re.findall(r"^(?!#|[\w.-]+==|    --hash=sha256:).*$", LOCK, flags=re.MULTILINE) == [""]


def pages() -> list[str]:
    """Return all Markdown pages of the project by their paths in it."""
    found = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def test_links_lead_somewhere() -> None:
    """A relative link in a page names a file of the project."""
    link = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")
    breaches = [
        f"{page} links to {target}"
        for page in pages()
        for target in link.findall((ROOT / page).read_text(encoding="utf-8"))
        if not ((ROOT / page).parent / target).exists()
    ]
    assert not breaches, "\n".join(breaches)


def test_every_page_is_in_the_index() -> None:
    """Each page under docs is linked from the index of docs."""
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    inside = [page.removeprefix("docs/") for page in pages() if page.startswith("docs/")]
    missing = [page for page in inside if page != "README.md" and f"({page})" not in index]
    assert not missing, "\n".join(missing)


def glossary_identifiers() -> list[str]:
    """Return the identifiers in the last column of the glossary's tables."""
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    return re.findall(r"^\| [^|]+ \| [^|]+ \| `(\w+)`", text, flags=re.MULTILINE)


def test_glossary_identifiers_exist() -> None:
    """A word that the glossary gives for the code is used there."""
    used: set[str] = set()
    for folder in ("optimizer", "service"):
        for ending in ("*.py", "*.toml"):
            for path in (ROOT / folder).rglob(ending):
                used.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    identifiers = glossary_identifiers()
    assert identifiers
    missing = [identifier for identifier in identifiers if identifier not in used]
    assert not missing, "\n".join(missing)
