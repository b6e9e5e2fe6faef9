"""Compares a workbook (argv 1) with the CSV of the same moment (argv 2) and the status (argv 3).

Prints nothing where all agree; a line for each difference otherwise.
"""
import csv
import datetime
import json
import sys

import openpyxl
from openpyxl.utils.escape import unescape

book = openpyxl.load_workbook(sys.argv[1])
rows = list(csv.DictReader(open(sys.argv[2], encoding="utf-8", newline="")))
status = json.load(open(sys.argv[3], encoding="utf-8"))
differences = []


def differs(what, ours, theirs):
    if ours != theirs:
        differences.append(f"{what}: {ours!r} in the workbook, {theirs!r} elsewhere")


differs("sheets", book.sheetnames, ["汇总", "明细", "失败明细", "待确认", "运行记录"])
for sheet in book:
    for line in sheet.iter_rows():
        for cell in line:
            if cell.data_type == "f" or cell.hyperlink:
                differences.append(f"{sheet.title} {cell.coordinate}: a formula or a link")

NUMBERS = {"amount_fen", "generation", "attempts", "refunded_fen"}
ids = list(rows[0])
ids.insert(ids.index("state") + 1, "state itself")
packets = list(book["明细"].iter_rows(values_only=True))
differs("rows", len(packets) - 1, len(rows))
differs("header", packets[0][:6], ("业务单号", "用户openid", "金额(分)", "金额(元)", "状态", "state"))
for packet, row in zip(packets[1:], rows):
    for column, cell in zip(ids, packet):
        if column == "state":
            continue
        theirs = row["state"] if column == "state itself" else row[column]
        if theirs.startswith("'"):
            theirs = theirs[1:]
        if isinstance(cell, datetime.datetime):
            cell = cell.isoformat() + "+08:00"
        elif column in NUMBERS and cell is not None:
            cell = str(cell)
        elif column == "amount_yuan":
            cell = f"{cell:.2f}"
        elif cell is not None and not isinstance(cell, str):
            differences.append(f"{column} of {row['row_key']} is no text: {cell!r}")
        # Excel and LibreOffice undo _x0041_, which openpyxl leaves to its users.
        differs(f"{column} of {row['row_key']}", unescape(cell or ""), theirs)

summary = {line[0]: line for line in book["汇总"].iter_rows(values_only=True) if line[0]}
states = status["states"]
for label, names in {
    "待发放": ["ready"],
    "已发放未领取": ["sent"],
    "已领取": ["received"],
    "退款中": ["refunding"],
    "已退款": ["refunded"],
    "发放失败": ["refused"],
    "待确认": ["in_flight", "in_doubt", "processing", "review"],
}.items():
    count = sum(states[name]["count"] for name in names)
    fen = sum(states[name]["fen"] for name in names)
    differs(label, (summary[label][1], round(summary[label][2] * 100)), (count, fen))
differs("应发", summary["应发"][1], status["rows"])
differs("核对", summary["核对"][1], "平")
head = status["journal"]["head"]
differs("账本校验码", summary["账本校验码"][1].split(" · ")[1], head)
differs("失败明细", book["失败明细"].max_row - 1, states["refused"]["count"])
runs = list(book["运行记录"].iter_rows(values_only=True))
differs("runs", runs[0][:4], ("开始时间", "结束时间", "命令", "系统账户"))
differs("the run", (runs[1][2], runs[1][5], type(runs[1][0])), ("run", 3, datetime.datetime))
paid = ["sent", "received", "refunding", "refunded"]
for column, key, times in [(7, "count", 1), (8, "fen", 100)]:
    sent = sum(round((run[column] or 0) * times) for run in runs[1:])
    differs(f"sent by runs, {key}", sent, sum(states[name][key] for name in paid))
print("\n".join(differences[:20]), end="")
