"""Scores of lm-evaluation-harness itself (lm_eval, with its own prompts, tokens and metrics) on local files: what `mxforge eval tasks` is
compared with. Prints what task_peers.py prints; nothing is fetched. Needs lm_eval, torch and transformers.

    python lm_eval_peers.py --model models/demo --data data --items 50 > demo.json
    python lm_eval_peers.py --compare demo.json ours.json
"""
import argparse
import json
import pathlib
import sys
import tempfile

from task_peers import lines


def converted(data):
    """For each task its items under the names that the harness's data sets have; the names of splits, in case there are several."""
    labels = [int(line) for line in (data / "piqa/valid-labels.lst").read_text().split()]
    yield "piqa", {"validation": [d | {"label": l} for d, l in zip(lines(data / "piqa/valid.jsonl"), labels)]}
    for name in "arc_challenge", "arc_easy":
        yield name, {"test": [
            {"question": d["question"], "choices": {"text": d["choices"], "label": list("ABCDE")[:len(d["choices"])]},
             "answerKey": "ABCDE"[d["gold"]]} for d in lines(data / f"arc/{name}_test.jsonl")]}
    yield "boolq", {"validation": lines(data / "boolq/validation.jsonl")}
    yield "winogrande", {"validation": lines(data / "winogrande/validation.jsonl")}
    yield "hellaswag", {"validation": [
        {"query": d["query"], "choices": d["choices"], "label": str(d["gold"])} for d in lines(data / "hellaswag/validation.jsonl")]}
    yield "lambada_openai", {"test": lines(data / "lambada/lambada_test.jsonl")}
    splits = {split: lines(data / f"mmlu/{split}.jsonl") for split in ("dev", "test")}
    for subject in dict.fromkeys(d["subject"] for d in splits["test"]):
        yield "mmlu_" + subject, {split: [d for d in items if d["subject"] == subject] for split, items in splits.items()}


def local_task(name, splits, folder):
    """The harness's task, reading these items."""
    from lm_eval.api.task import ConfigurableTask

    files = {}
    for split, items in splits.items():
        files[split] = str(folder / f"{name}.{split}.jsonl")
        pathlib.Path(files[split]).write_text("".join(json.dumps(item) + "\n" for item in items))
    config = dict(config_of(name))
    config |= {"dataset_path": "json", "dataset_name": None, "dataset_kwargs": {"data_files": files}, "training_split": None,
               "validation_split": "validation" if "validation" in splits else None, "test_split": "test" if "test" in splits else None}
    if name == "hellaswag":
        # The published rows are processed already.
        config.pop("process_docs")
    if name.startswith("mmlu"):
        config["num_fewshot"] = 5
    config.pop("tag", None)
    return ConfigurableTask(config=config)


def config_of(name):
    import lm_eval.tasks
    from lm_eval.tasks._yaml_loader import load_yaml

    root = pathlib.Path(lm_eval.tasks.__file__).parent
    file = next(f for f in sorted(root.rglob("*.yaml")) if f"\ntask: {name}\n" in (t := "\n" + f.read_text() + "\n") or f'"task": "{name}"' in t)
    return load_yaml(file)


def results(arguments):
    from lm_eval import simple_evaluate

    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, splits in converted(arguments.data):
            task = local_task(name, splits, pathlib.Path(folder))
            mmlu = name.startswith("mmlu")
            run = simple_evaluate(
                model="hf", model_args={"pretrained": str(arguments.model), "dtype": "float32", "prefix_token_id": 0}, tasks=[task], batch_size=8,
                limit=1 if mmlu else arguments.items, device="cpu", log_samples=True, bootstrap_iters=0)
            own = found.setdefault("mmlu" if mmlu else name, {"ids": [], "log_likelihoods": [], "acc": [], "acc_norm": []})
            for sample in sorted(next(iter(run["samples"].values())), key=lambda sample: sample["doc_id"]):
                own["ids"].append(sample["doc_id"])
                own["log_likelihoods"].append([round(float(response[0]), 5) for response in sample["filtered_resps"]]
                                              if name != "lambada_openai" else [round(float(sample["filtered_resps"][0][0]), 5)])
                own["acc"].append(int(sample["acc"]))
                if "acc_norm" in sample:
                    own["acc_norm"].append(int(sample["acc_norm"]))
            print(f"{name}: {next(iter(run['results'].values()))}", file=sys.stderr)
    return found


def compare(ours, theirs):
    """How far two such results are apart, task by task."""
    for name, one in theirs.items():
        other = ours[name]
        apart = max(abs(a - b) for x, y in zip(one["log_likelihoods"], other["log_likelihoods"]) for a, b in zip(x, y))
        lengths = [len(x) == len(y) for x, y in zip(one["log_likelihoods"], other["log_likelihoods"])]
        acc = sum(a != b for a, b in zip(one["acc"], other["acc"]))
        norm = sum(a != b for a, b in zip(one["acc_norm"], other.get("acc_norm", [])))
        print(f"{name}: {len(one['acc'])} items, likelihoods within {apart:.1e}, acc differs in {acc}, acc_norm in {norm}"
              + ("" if all(lengths) else ", choices differ"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--items", type=int, default=50)
    parser.add_argument("--compare", type=pathlib.Path, nargs=2)
    arguments = parser.parse_args()
    if arguments.compare:
        compare(*(json.loads(file.read_text()) for file in arguments.compare))
    else:
        print(json.dumps(results(arguments)))


if __name__ == "__main__":
    main()
