"""The workbook of an office: read as a scenario, written from one, and empty to be filled in."""

from optimizer.spreadsheets.codes import Assumption, CellFault
from optimizer.spreadsheets.datum import Datum
from optimizer.spreadsheets.deliveries import ENDINGS as DELIVERY_TABLES
from optimizer.spreadsheets.deliveries import read_delivery_tables
from optimizer.spreadsheets.deliveries_form import WRITERS as FORM_WRITERS
from optimizer.spreadsheets.deliveries_form import deliveries_form
from optimizer.spreadsheets.exporting import scenario_tables
from optimizer.spreadsheets.headings import FoundTable
from optimizer.spreadsheets.mapping import (
    OfficeMapping,
    mapping_beside,
    read_mapping,
    write_mapping,
)
from optimizer.spreadsheets.office import Asked, Office, read_office, refuse_faults
from optimizer.spreadsheets.places import Geocoder
from optimizer.spreadsheets.places_file import add_places, insist_on_own, read_places
from optimizer.spreadsheets.template import template_tables
from optimizer.spreadsheets.workbook_writing import workbook_bytes

__all__ = [
    "DELIVERY_TABLES",
    "FORM_WRITERS",
    "Asked",
    "Assumption",
    "CellFault",
    "Datum",
    "FoundTable",
    "Geocoder",
    "Office",
    "OfficeMapping",
    "add_places",
    "deliveries_form",
    "insist_on_own",
    "mapping_beside",
    "read_delivery_tables",
    "read_mapping",
    "read_office",
    "read_places",
    "refuse_faults",
    "scenario_tables",
    "template_tables",
    "workbook_bytes",
    "write_mapping",
]
