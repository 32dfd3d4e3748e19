"""What each output took, of the status in a file: name, state, points delivered and those that wait."""
import json
import sys

with open(sys.argv[1]) as file:
    status = json.load(file)
contexts = sum(one['Allwell']['Contexts'] for check in status['runnerStats']['Checks'].values() for one in check.values())
outputs = ', '.join(
    f"{one['name']} {one['state']} ({one['delivered']['series']} points delivered, {one['queued']['series']} wait)"
    for one in status['outputs']
)
print(f'{contexts} contexts; {outputs}')
