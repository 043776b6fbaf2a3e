import multiprocessing
from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    lock = multiprocessing.get_context("spawn").Lock()
    print(f"sem.{lock._semlock.name.lstrip('/')}", flush=True)
    memory = SharedMemory(create=True, size=1)
    print(memory.name, flush=True)
    with lock:
        lock.acquire()
