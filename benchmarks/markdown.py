"""Figures and tables as Markdown text."""

from __future__ import annotations

from benchmarks.suite import Figure, Table


def cell(figure: Figure, digits: int = 2) -> str:
    """Return a figure as the text of a table cell; nothing known is a dash."""
    if figure is None:
        return "-"
    if isinstance(figure, bool):
        return "yes" if figure else "no"
    if isinstance(figure, float):
        return f"{figure:,.{digits}f}"
    if isinstance(figure, int):
        return f"{figure:,}"
    return str(figure)


def percent(figure: float | None) -> str:
    """Return a signed percentage with two decimals."""
    return "-" if figure is None else f"{figure:+.2f} %"


def markdown(table: Table) -> str:
    """Return a table as Markdown with aligned columns, its title above and notes below."""
    grid = [table.columns, *table.rows]
    widths = [max(len(row[i]) for row in grid) for i in range(len(table.columns))]
    lines = [f"### {table.title}", ""]
    for number, row in enumerate(grid):
        cells = (
            text.ljust(width) if i == 0 else text.rjust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("| " + " | ".join(cells) + " |")
        if number == 0:
            rules = ("-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:]))
            lines.append("|" + "|".join(f" {rule} " for rule in rules) + "|")
    for note in table.notes:
        lines += ["", note]
    return "\n".join(lines) + "\n"
