"""Group bench: the benchmark gives all its rows, and the same figures twice."""
from faultline import benchmark
from harness.result import check, single

# Rows that meet the disk or its cache: how far two runs may differ.
IO_ROWS = {'boot_to_prompt': 0.1, 'fork_exec_exit_wait': 0.001}


def tests(_):
    return [single('bench/the same twice', same_twice, alone=True)]


def same_twice():
    first, second = benchmark.measure(), benchmark.measure()
    wrong = ['%s: %d, then %d' % (name, first[name], second[name]) for name in first
             if abs(first[name] - second[name]) > IO_ROWS.get(name, 0) * first[name]]
    check(not wrong, '\n'.join(wrong))
