"""Seconds that ddev's validators take for integrations: validate.py DIR NAME…, with the folders in DIR/integrations-extras."""
import os
import subprocess
import sys
import time
from pathlib import Path

work, names = Path(sys.argv[1]), sys.argv[2:]
root = work / 'integrations-extras'
driver = Path(__file__).resolve().parents[2] / 'examples/tests/validate.py'
(root / '.ddev').mkdir()
(root / '.ddev/config.toml').touch()
(root / '.github').mkdir()
owners = ['**/assets/logs/ @DataDog/logs-integrations-reviewers', *(f'/{name}/ @owner' for name in names)]
(root / '.github/CODEOWNERS').write_text('\n'.join(owners) + '\n')
repos = '\n'.join(f'{repo} = "{root}"' for repo in ('core', 'extras', 'marketplace', 'agent'))
config = f'repo = "extras"\nagent = "dev"\norg = "default"\nupgrade_check = false\n[repos]\n{repos}\n'
(work / 'ddev.toml').write_text(config)
git = ['git', '-C', root, '-c', 'user.name=bench', '-c', 'user.email=bench@example.com']
for arguments in (['init', '-q'], ['add', '-A'], ['commit', '-qm', 'all']):
    subprocess.run([*git, *arguments], check=True)
environment = dict(os.environ, DDEV_CONFIG=str(work / 'ddev.toml'), HOME=str(work))
start = time.perf_counter()
said = subprocess.run([sys.executable, driver, *names], check=True, env=environment, cwd=root, capture_output=True, text=True)
seconds = time.perf_counter() - start
failed = [line for line in said.stdout.splitlines() if '"passed": false' in line]
if failed:
    sys.exit('\n'.join(failed))
print(f'{seconds:.1f}')
