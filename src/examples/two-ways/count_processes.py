import sys
from concurrent.futures import ProcessPoolExecutor
from math import isqrt


def is_prime(n):
    return all(n % divisor for divisor in range(2, isqrt(n) + 1))


def count_primes(below):
    return sum(is_prime(n) for n in range(2, below))


if __name__ == "__main__":
    below = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with ProcessPoolExecutor(4) as workers:
        print(*workers.map(count_primes, [below] * 4))
