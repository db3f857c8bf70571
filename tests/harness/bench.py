"""Group bench: the benchmark gives all its rows, and the same figures twice."""
from faultline import benchmark
from harness.result import check, single

IO_ROWS = {'boot_to_prompt': 0.1}       # rows with disk I/O: how far two runs may differ


def tests(_):
    return [single('bench/the same twice', same_twice, alone=True)]


def same_twice():
    first, second = benchmark.measure(), benchmark.measure()
    wrong = ['%s: %d, then %d' % (name, first[name], second[name]) for name in first
             if abs(first[name] - second[name]) > IO_ROWS.get(name, 0) * first[name]]
    check(not wrong, '\n'.join(wrong))
