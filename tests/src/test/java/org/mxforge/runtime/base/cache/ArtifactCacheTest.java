package org.mxforge.runtime.base.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArtifactCacheTest {
    private static final ArtifactCache.Key KEY = new ArtifactCache.Key("cubin", List.of("source", "options"));
    private static final byte[] BYTES = {1, 2, 3, 4, 5};

    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger built = new AtomicInteger();

    @TempDir
    Path root;

    private ArtifactCache cache() {
        return new ArtifactCache(root, warnings::add);
    }

    private byte[] build() {
        built.incrementAndGet();
        return BYTES.clone();
    }

    private Path entry() {
        return root.resolve(KEY.kind()).resolve(KEY.hash());
    }

    @Test
    void buildsOnceAndFindsItAfterwards() {
        ArtifactCache cold = cache();
        assertThat(cold.get(KEY, this::build)).isEqualTo(BYTES);
        assertThat(cold.get(KEY, this::build)).isEqualTo(BYTES);
        assertThat(cold.hits()).isEqualTo(1);
        assertThat(cold.misses()).isEqualTo(1);

        ArtifactCache warm = cache();
        assertThat(warm.get(KEY, this::build)).isEqualTo(BYTES);
        assertThat(warm.misses()).isZero();
        assertThat(built).hasValue(1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void keepsAnEmptyArtifact() {
        cache().get(KEY, () -> new byte[0]);
        assertThat(cache().get(KEY, this::build)).isEmpty();
    }

    @Test
    void whereOthersMayWriteNothingIsReadOrWritten() throws IOException {
        cache().get(KEY, this::build);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Path exposed : new Path[] {entry(), entry().resolve("payload"), root}) {
            Set<PosixFilePermission> before = Files.getPosixFilePermissions(exposed);
            Files.setPosixFilePermissions(entry().getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setPosixFilePermissions(exposed, PosixFilePermissions.fromString("rwxrwxrwx"));
            int earlier = built.get();
            assertThat(cache().get(KEY, this::build)).isEqualTo(BYTES);
            assertThat(built).hasValue(earlier + 1);
            Files.setPosixFilePermissions(exposed, before);
        }
        assertThat(cache().get(KEY, () -> new byte[0])).isEqualTo(BYTES);
    }

    /** Ways in which an entry goes bad. */
    enum Damage {
        TRUNCATED {
            @Override
            void strike(Path entry) throws IOException {
                Files.write(entry.resolve("payload"), new byte[] {1, 2, 3});
            }
        },
        FLIPPED {
            @Override
            void strike(Path entry) throws IOException {
                Files.write(entry.resolve("payload"), new byte[] {1, 2, 3, 4, 4});
            }
        },
        WRONG_DIGEST {
            @Override
            void strike(Path entry) throws IOException {
                Files.writeString(entry.resolve("digest"), "mxforge-cache/v1 key=0 bytes=5 sha256=0\n");
            }
        },
        NO_PAYLOAD {
            @Override
            void strike(Path entry) throws IOException {
                Files.delete(entry.resolve("payload"));
            }
        },
        NO_DIGEST {
            @Override
            void strike(Path entry) throws IOException {
                Files.delete(entry.resolve("digest"));
            }
        },
        HUGE_DIGEST {
            @Override
            void strike(Path entry) throws IOException {
                grow(entry.resolve("digest"), 4L << 30);
            }
        },
        HUGE_PAYLOAD {
            @Override
            void strike(Path entry) throws IOException {
                grow(entry.resolve("payload"), 40L << 30);
            }
        },
        PAYLOAD_IS_A_FOLDER {
            @Override
            void strike(Path entry) throws IOException {
                Files.delete(entry.resolve("payload"));
                Files.createDirectory(entry.resolve("payload"));
            }
        },
        ENTRY_IS_A_FILE {
            @Override
            void strike(Path entry) throws IOException {
                Files.delete(entry.resolve("payload"));
                Files.delete(entry.resolve("digest"));
                Files.delete(entry);
                Files.writeString(entry, "not a folder");
            }
        },
        OF_ANOTHER_KEY {
            @Override
            void strike(Path entry) throws IOException {
                ArtifactCache.Key other = new ArtifactCache.Key("cubin", List.of("other"));
                new ArtifactCache(entry.getParent().getParent()).get(other, () -> new byte[] {9});
                Path foreign = entry.resolveSibling(other.hash());
                Files.delete(entry.resolve("payload"));
                Files.delete(entry.resolve("digest"));
                Files.move(foreign.resolve("payload"), entry.resolve("payload"));
                Files.move(foreign.resolve("digest"), entry.resolve("digest"));
            }
        };

        abstract void strike(Path entry) throws IOException;

        /** A sparse file: takes no room on disk, and would take all memory if it were read. */
        private static void grow(Path file, long bytes) throws IOException {
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                access.setLength(bytes);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rebuildsABadEntryWithOneWarning(Damage damage) throws IOException {
        cache().get(KEY, this::build);
        damage.strike(entry());

        assertThat(cache().get(KEY, this::build)).isEqualTo(BYTES);
        assertThat(built).hasValue(2);
        assertThat(warnings).singleElement().asString().contains("corrupt", entry().toString(), "built again");
        try (Stream<Path> aside = Files.list(root.resolve("quarantine"))) {
            assertThat(aside).hasSize(1);
        }

        assertThat(cache().get(KEY, this::build)).isEqualTo(BYTES);
        assertThat(built).hasValue(2);
        assertThat(warnings).hasSize(1);
    }

    @Test
    void worksWithoutAFolderItCanWriteAndSaysSoOnce() throws IOException {
        Path file = Files.writeString(root.resolve("taken"), "a file where the folder should be");
        ArtifactCache cache = new ArtifactCache(file, warnings::add);
        assertThat(cache.get(KEY, this::build)).isEqualTo(BYTES);
        assertThat(cache.get(new ArtifactCache.Key("cubin", List.of("b")), this::build))
                .isEqualTo(BYTES);
        assertThat(warnings).singleElement().asString().contains("cannot be written", file.toString());
    }

    @Test
    void aFailingProducerLeavesNothingBehind() throws IOException {
        assertThatThrownBy(() -> cache().get(KEY, () -> {
                    throw new IllegalStateException("does not compile");
                }))
                .hasMessage("does not compile");
        assertThat(entry()).doesNotExist();
        assertThat(cache().get(KEY, this::build)).isEqualTo(BYTES);
        try (Stream<Path> entries = Files.list(entry().getParent())) {
            assertThat(entries).containsExactly(entry());
        }
    }

    @Test
    void manyThreadsBuildOnce() throws Exception {
        int threads = 16;
        CountDownLatch together = new CountDownLatch(threads);
        var pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<byte[]>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                ArtifactCache own = cache();
                results.add(pool.submit(() -> {
                    together.countDown();
                    together.await();
                    return own.get(KEY, this::build);
                }));
            }
            for (Future<byte[]> result : results) {
                assertThat(result.get()).isEqualTo(BYTES);
            }
        } finally {
            pool.shutdown();
        }
        assertThat(built).hasValue(1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void aProducerMayUseTheCacheItself() {
        ArtifactCache cache = cache();
        ArtifactCache.Key inner = new ArtifactCache.Key("ptx", List.of("source", "options"));
        assertThat(cache.get(KEY, () -> cache.get(inner, this::build))).isEqualTo(BYTES);
        assertThat(built).hasValue(1);
    }
}
