"""Prints the sheets of a workbook (argv 1) as JSON: [[name, [[cell, ...], ...]], ...]."""
import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
cells = [
    [sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)]] for sheet in book
]
print(json.dumps(cells, default=str, ensure_ascii=False))
