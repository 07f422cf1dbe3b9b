"""Launches the kernel of an exported folder on ones: every code is 1.0, every scale is 1.0, so every result is K."""
import ctypes
import sys

folder = sys.argv[1]
sys.path.insert(0, f"{folder}/python")
from mxforge_kernels import Kernels

M, N, K, GROUP = 1000, 768, 4096, 16
ONES = 0x22  # two E2M1 codes of 1.0
ONE = 127  # an E8M0 scale of 2^0

kernels = Kernels(folder)
driver = kernels.driver


def array(size, byte):
    """Room in GPU memory, filled."""
    address = ctypes.c_uint64()
    driver.call("cuMemAlloc_v2", ctypes.byref(address), ctypes.c_size_t(size))
    driver.call("cuMemsetD8_v2", address, ctypes.c_ubyte(byte), ctypes.c_size_t(size))
    return address.value


def scales(rows):
    """Scales lie in tiles of 128 rows."""
    return array((rows + 127) // 128 * 128 * K // GROUP, ONE)


[name] = [file.stem for file in kernels.folder.glob("kernels/*.json")]
d = array(2 * M * N, 0xff)
kernels.load(name).launch(
    0, m=M, n=N, k_0=K, d=d,
    a_0=array(M * K // 2, ONES), sa_0=scales(M),
    b_0=array(N * K // 2, ONES), sb_0=scales(N))
result = (ctypes.c_uint16 * (M * N))()
driver.call("cuMemcpyDtoH_v2", result, ctypes.c_uint64(d), ctypes.c_size_t(2 * M * N))
right = sum(value == 0x4580 for value in result)  # 4096 in BF16
print(f"{right} of {M * N} results are {K}")
sys.exit(right != M * N)
