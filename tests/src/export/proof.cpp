// Quantizes activations and multiplies them with packed weights by exported kernels, and compares with the oracle bit for bit.
//
//   proof KERNELS CASES NAME...
//
// KERNELS is a folder of 'mxforge kernels export', CASES one of ExportCases, NAME a case there.
#include "mxforge_kernels.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

static void check(CUresult result, const char *message) {
    if (result != CUDA_SUCCESS) {
        throw std::runtime_error(message[0] ? message : "the driver failed with error " + std::to_string(result));
    }
}

// GPU memory that lasts as long as the program.
static CUdeviceptr allocate(size_t bytes) {
    CUdeviceptr address;
    check(cuMemAlloc(&address, bytes), "");
    check(cuMemsetD8(address, 0xff, bytes), "");
    return address;
}

static CUdeviceptr upload(const std::string &bytes) {
    CUdeviceptr address = allocate(bytes.size());
    check(cuMemcpyHtoD(address, bytes.data(), bytes.size()), "");
    return address;
}

// A safetensors file: its header, and the bytes of a tensor.
struct Tensors {
    std::string content;
    uint64_t header;

    explicit Tensors(const std::string &path) {
        std::ifstream file(path, std::ios::binary);
        content.assign(std::istreambuf_iterator<char>(file), {});
        if (content.size() < 8) {
            throw std::runtime_error("there is no " + path);
        }
        std::memcpy(&header, content.data(), 8);
    }

    std::string tensor(const std::string &name) const {
        size_t at = content.find('"' + name + "\":{");
        at = content.find("\"data_offsets\":[", at) + 16;
        size_t begin = std::strtoull(content.data() + at, nullptr, 10);
        size_t end = std::strtoull(content.data() + content.find(',', at) + 1, nullptr, 10);
        return content.substr(8 + header + begin, end - begin);
    }

    // A field of the description of layer "w", JSON within JSON.
    std::string about(const std::string &field) const {
        const std::string key = "\\\"" + field + "\\\":";
        size_t at = content.find(key) + key.size();
        bool text = content.compare(at, 2, "\\\"") == 0;
        at += text ? 2 : 0;
        return content.substr(at, content.find_first_of(text ? "\\" : ",}", at) - at);
    }
};

// Arguments by name, whatever the kernel.
struct Arguments {
    std::map<std::string, int> numbers;
    std::map<std::string, CUdeviceptr> addresses;

    void launch(mxforge_kernel &kernel) {
        std::vector<void *> values;
        for (int i = 0; i < kernel.about->arguments; i++) {
            const std::string name = kernel.about->argument_names[i];
            values.push_back(addresses.count(name) ? (void *)&addresses.at(name) : (void *)&numbers.at(name));
        }
        char message[MXFORGE_MESSAGE];
        check(mxforge_launch(&kernel, nullptr, values.data(), message), message);
    }
};

static std::vector<std::string> split(const std::string &text, char separator) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

static std::string joined(const std::vector<std::string> &parts) {
    std::string text;
    for (const std::string &part : parts) {
        text += (text.empty() ? "" : "+") + part;
    }
    return text;
}

static size_t tiles(size_t count, size_t size) { return (count + size - 1) / size; }

static size_t element_bytes(const std::string &layout, const std::string &format, size_t rows, size_t channels) {
    if (layout == "bf16") {
        return tiles(rows, 128) * tiles(channels, 64) * 16384;
    }
    if (layout == "containers") {
        return tiles(rows, 128) * tiles(channels, 128) * 16384;
    }
    return rows * channels * (format == "e2m1" ? 4 : format == "e4m3" || format == "e5m2" ? 8 : 6) / 8;
}

struct Program {
    std::string kernels;
    std::string target;
    std::map<std::string, mxforge_kernel> loaded;

    mxforge_kernel &kernel(const mxforge_description *about) {
        auto found = loaded.find(about->name);
        if (found == loaded.end()) {
            char message[MXFORGE_MESSAGE];
            mxforge_kernel kernel;
            check(mxforge_load(&kernel, about, kernels.c_str(), message), message);
            found = loaded.emplace(about->name, kernel).first;
        }
        return found->second;
    }

    const mxforge_use *choose(const std::string &spec, int tokens, const std::string &rest) {
        const mxforge_use *use = mxforge_choose(spec.c_str(), target.c_str(), tokens, rest.c_str());
        if (!use) {
            throw std::runtime_error("nothing computes " + spec + " for " + rest);
        }
        return use;
    }

    // The first row and column where D is not the oracle's; -1 if there is none.
    long run(const Tensors &weights, const Tensors &data, int tokens) {
        const int outputs = std::stoi(weights.about("outputs"));
        std::vector<std::string> pairs, sizes, formats;
        int columns = 0;
        for (const std::string &part : split(split(weights.about("split"), '/')[0], '+')) {
            pairs.push_back(split(part, ':')[0]);
            sizes.push_back(split(part, ':')[1]);
            formats.push_back(split(pairs.back(), 'x')[0]);
            columns += std::stoi(sizes.back());
        }
        const std::string tolerance = ";tolerance=" + weights.about("tolerance");
        const mxforge_use *product = choose(
            "mxgemm/v2;pairs=" + joined(pairs) + ";groups=g32;epilogue=none;out=bf16" + tolerance, tokens,
            "n" + std::to_string(outputs) + ",k" + joined(sizes));
        const mxforge_use *quantizer = choose(
            "mxquantize/v2;side=activation;formats=" + joined(formats) + ";rule=" + weights.about("rule") +
                ";groups=g32;prologue=none;in=bf16" + tolerance,
            tokens, "k" + joined(sizes));
        const std::string layout = product->activation;
        const bool folded = layout == "containers" || layout == "bf16";

        const std::string x = data.tensor("x"), expected = data.tensor("d");
        const size_t row = 2 * columns, result = 2 * outputs, distinct = x.size() / row;
        std::string repeated;
        for (int m = 0; m < tokens; m++) {
            repeated += x.substr(m % distinct * row, row);
        }
        Arguments quantize, multiply;
        quantize.numbers = {{"rows", tokens}, {"columns", columns}};
        quantize.addresses = {{"x", upload(repeated)}, {"order", upload(weights.tensor("site.order"))}};
        multiply.numbers = {{"m", tokens}, {"n", outputs}};
        multiply.addresses = {{"d", allocate(result * tokens)}};
        CUdeviceptr shared = folded ? allocate(tiles(tokens, 128) * 512) : 0;
        for (size_t i = 0; i < pairs.size(); i++) {
            const std::string n = std::to_string(i), part = "w.weight.part" + n;
            const int channels = std::stoi(sizes[i]);
            CUdeviceptr scales = folded ? shared : allocate(tiles(tokens, 128) * tiles(channels / 32, 4) * 512);
            multiply.addresses["a_" + n] = allocate(element_bytes(layout, formats[i], tokens, channels));
            multiply.addresses["sa_" + n] = scales;
            multiply.addresses["b_" + n] = upload(weights.tensor(part + ".elements"));
            multiply.addresses["sb_" + n] = upload(weights.tensor(folded ? "w.weight.factors" : part + ".scales"));
            multiply.numbers["k_" + n] = quantize.numbers["k_" + n] = channels;
            quantize.addresses["codes_" + n] = multiply.addresses["a_" + n];
            quantize.addresses[(folded ? "factors_" : "scales_") + n] = scales;
        }
        quantize.launch(kernel(quantizer->kernel));
        for (int i = 0; i < product->pass_count; i++) {
            pass(product->passes[i], multiply);
        }
        multiply.launch(kernel(product->kernel));
        std::string d(result * tokens, 0);
        check(cuMemcpyDtoH(&d[0], multiply.addresses["d"], d.size()), "");
        for (int m = 0; m < tokens; m++) {
            if (d.compare(m * result, result, expected, m % distinct * result, result) != 0) {
                return m;
            }
        }
        return -1;
    }

    // Lays one partition of an operand out anew.
    void pass(const mxforge_pass &pass, Arguments &multiply) {
        const std::string letter = pass.side == 0 ? "a_" : "b_", n = std::to_string(pass.partition);
        CUdeviceptr &elements = multiply.addresses[letter + n], &scales = multiply.addresses["s" + letter + n];
        const int rows = multiply.numbers[pass.side == 0 ? "m" : "n"], channels = multiply.numbers["k_" + n];
        const bool unpacks = std::string(pass.kernel->spec).compare(0, 8, "mxunpack") == 0;
        CUdeviceptr result = allocate(element_bytes(unpacks ? "containers" : "bf16", "", rows, channels));
        Arguments arguments;
        arguments.numbers = {{"rows", rows}, {"channels", channels}};
        arguments.addresses = {{unpacks ? "fragments" : "codes", elements}, {"tiles", result}};
        if (!unpacks) {
            CUdeviceptr ones = allocate(tiles(rows, 128) * 512);
            check(cuMemsetD32(ones, 0x3f800000, tiles(rows, 128) * 128), "");
            arguments.addresses["scales"] = scales;
            arguments.addresses["factors"] = scales = ones;
        }
        arguments.launch(kernel(pass.kernel));
        elements = result;
    }
};

int main(int count, char **words) {
    if (count < 4) {
        std::cerr << "usage: " << words[0] << " KERNELS CASES NAME...\n";
        return 2;
    }
    try {
        CUdevice device;
        CUcontext context;
        check(cuInit(0), "");
        check(cuDeviceGet(&device, 0), "");
        check(cuDevicePrimaryCtxRetain(&context, device), "");
        check(cuCtxSetCurrent(context), "");
        Program program{words[1], "sm_90a", {}};
        int wrong = 0;
        for (int i = 3; i < count; i++) {
            const std::string folder = std::string(words[2]) + "/" + words[i];
            const Tensors weights(folder + "/weights.safetensors"), data(folder + "/data.safetensors");
            for (int tokens : {16, 2048}) {
                long row = program.run(weights, data, tokens);
                std::cout << "C++ " << words[i] << ", " << tokens << " tokens: "
                          << (row < 0 ? "the oracle's bits" : "WRONG in row " + std::to_string(row)) << std::endl;
                wrong += row >= 0;
            }
        }
        return wrong ? 1 : 0;
    } catch (const std::exception &e) {
        std::cerr << e.what() << "\n";
        return 1;
    }
}
