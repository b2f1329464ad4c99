"""The peers that come from PyPI, each a process of its own.

    python3 peers.py setup FOLDER
        Makes a virtual environment with the peers in FOLDER.
    python peers.py NAME THRESHOLD BANDS ROWS CORPUS CLUSTERS [PAIRS]
        Finds the duplicates in CORPUS; NAME is datasketch, rensa, rensa-rho or datatrove.

Words are what stands between white space, lower-cased; a shingle is five of them. `rensa-rho` only
says which articles have a duplicate, not of what: it writes those instead of clusters and pairs.
`datatrove` cuts text into words with spaCy and verifies nothing: its pairs are all pairs in a cluster.
"""

import itertools
import json
import struct
import subprocess
import sys
import tempfile
import venv

PINNED = [
    "datasketch==2.0.0",
    "rensa==0.5.0",
    "datatrove[processing]==0.10.1",
    # What it asks for when it runs.
    "orjson==3.13.0",
    "spacy==3.8.18",
    "xxhash==3.8.2",
]
SEED = 1
# Articles that are handed over at once.
BATCH = 4096


def setup(folder):
    venv.create(folder, with_pip=True)
    install = [folder + "/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run(install + PINNED, check=True)


def articles(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield article["id"], article["text"]


def shingles(words, join):
    if len(words) < 5:
        return [join(words)]
    return list(map(join, zip(words, words[1:], words[2:], words[3:], words[4:])))


def datasketch(corpus, threshold, bands, rows):
    """Asks the index for each article before it goes in, then filters by the signatures, as its
    documentation recommends for more accurate results."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=bands * rows, params=(bands, rows))
    ids, signatures, pairs = [], [], []

    def token_sets():
        for article, text in articles(corpus):
            ids.append(article)
            yield shingles(text.lower().encode().split(), b" ".join)

    for number, signature in enumerate(MinHash.generator(token_sets(), num_perm=bands * rows, seed=SEED)):
        for other in index.query(signature):
            if signature.jaccard(signatures[other]) >= threshold:
                pairs.append((other, number))
        index.insert(number, signature)
        signatures.append(signature)
    return ids, pairs


def rensa(corpus, threshold, bands, rows):
    """R-MinHash in batches, all queries at once, candidates filtered by the signatures."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=threshold, num_perm=bands * rows, num_bands=bands)
    ids, signatures, batch = [], [], []

    def flush():
        made = RMinHash.from_token_sets(batch, num_perm=bands * rows, seed=SEED)
        index.insert_many(made, start_key=len(signatures))
        signatures.extend(made)
        batch.clear()

    for article, text in articles(corpus):
        ids.append(article)
        batch.append(shingles(text.lower().split(), " ".join))
        if len(batch) == BATCH:
            flush()
    flush()
    pairs = [
        (other, number)
        for number, found in enumerate(index.query_all(signatures))
        for other in found
        if other < number and signatures[number].jaccard(signatures[other]) >= threshold
    ]
    return ids, pairs


def rensa_rho(corpus, threshold, bands, rows):
    """The pipeline of rensa's own benchmark: flags, no pairs."""
    from rensa import RMinHash, RMinHashLSH

    ids = []

    def token_sets():
        for article, text in articles(corpus):
            ids.append(article)
            yield shingles(text.lower().split(), " ".join)

    slots = bands * rows
    matrix = RMinHash.digest_matrix_from_token_sets_rho(token_sets(), num_perm=slots, seed=SEED)
    index = RMinHashLSH(threshold=threshold, num_perm=slots, num_bands=bands)
    flags = index.query_duplicate_flags_matrix_one_shot(matrix)
    return [article for article, flag in zip(ids, flags) if flag]


def datatrove(corpus, _, bands, rows):
    """The first three of its four stages, each in one task: signatures, buckets, clusters. Bands are
    its buckets. The fourth would write the articles that are to stay."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.utils.hashing import HashConfig

    config = MinhashConfig(
        n_grams=5,
        num_buckets=bands,
        hashes_per_bucket=rows,
        seed=SEED,
        hash_config=HashConfig(precision=64),
    )
    ids = [article for article, _ in articles(corpus)]
    groups = {}
    with tempfile.TemporaryDirectory() as folder:
        signatures, buckets, found = (f"{folder}/{stage}" for stage in ("signatures", "buckets", "found"))
        reader = JsonlReader(corpus, text_key="text", id_key="id")
        stages = [
            ([reader, MinhashDedupSignature(signatures, config)], 1),
            ([MinhashDedupBuckets(signatures, buckets, config=config)], bands),
            ([MinhashDedupCluster(buckets, found, config=config, save_cluster_id=True)], 1),
        ]
        for number, (stage, tasks) in enumerate(stages):
            logs = f"{folder}/logs{number}"
            LocalPipelineExecutor(stage, tasks=tasks, workers=1, logging_dir=logs).run()
        with open(f"{found}/000000.clusters", "rb") as file:
            for number, group in struct.iter_unpack("<2I", file.read()):
                groups.setdefault(group, []).append(number)
    return ids, [pair for group in groups.values() for pair in itertools.combinations(group, 2)]


def clusters(size, pairs):
    """Connected components."""
    parent = list(range(size))

    def root(node):
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in pairs:
        a, b = root(a), root(b)
        parent[max(a, b)] = min(a, b)
    groups = {}
    for node in range(size):
        groups.setdefault(root(node), []).append(node)
    return [group for group in groups.values() if len(group) > 1]


def main():
    if sys.argv[1] == "setup":
        setup(sys.argv[2])
        return
    name, threshold, bands, rows, corpus, out, *pairs_out = sys.argv[1:]
    settings = (corpus, float(threshold), int(bands), int(rows))
    if name == "rensa-rho":
        flagged = rensa_rho(*settings)
        with open(out, "w", encoding="utf-8") as file:
            file.writelines(json.dumps({"duplicate": article}) + "\n" for article in flagged)
        for path in pairs_out:
            with open(path, "w", encoding="utf-8") as file:
                file.writelines(article + "\n" for article in flagged)
        return
    find = {"datasketch": datasketch, "rensa": rensa, "datatrove": datatrove}[name]
    ids, pairs = find(*settings)
    with open(out, "w", encoding="utf-8") as file:
        for group in clusters(len(ids), pairs):
            file.write(json.dumps({"members": [ids[number] for number in group]}) + "\n")
    for path in pairs_out:
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{ids[a]}\t{ids[b]}\n" for a, b in pairs)


main()
