#!/bin/sh
# Runs the suite, the browser apart, on the other supported interpreters that are on this machine, all at once.
set -eu
cd "$(dirname "$0")/.."
running=
mine=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
for version in 3.11 3.12 3.13; do
    [ "$version" = "$mine" ] && continue
    found=
    for candidate in "python$version" "$HOME/.pyenv/versions/$version".*/bin/python; do
        if "$candidate" -c "import sys; assert '%d.%d' % sys.version_info[:2] == '$version'" 2>/dev/null; then
            found=$candidate
            break
        fi
    done
    if [ -z "$found" ]; then
        echo "Python $version: no interpreter here, not tested"
        continue
    fi
    echo "Python $version: $found"
    folder=.venv-$version
    if [ ! -e "$folder/.test" ] || [ requirements-dev.txt -nt "$folder/.test" ] || [ requirements.txt -nt "$folder/.test" ]; then
        "$found" -m venv "$folder"
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
        touch "$folder/.test"
    fi
    "$folder/bin/python" -m pytest -q -n 2 --dist loadfile -p no:cacheprovider --ignore=tests/test_browser.py --ignore=tests/test_contact_browser.py --ignore=tests/test_stats_browser.py --ignore=tests/test_share_browser.py >"$folder/.log" 2>&1 &
    running="$running $!:$version"
done
failed=0
for one in $running; do
    wait "${one%%:*}" || failed=1
    echo "Python ${one##*:}:"
    tail -n 15 ".venv-${one##*:}/.log"
done
exit $failed
