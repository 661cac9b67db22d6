;; out[i] = ((run0[i] + run1[i]) + run2[i]) + ..., float32, 64 bytes at a time.
(module
  (import "shared" "memory" (memory 1 65536 shared))
  (func (export "sum") (param $first i32) (param $stride i32) (param $count i32) (param $out i32) (param $bytes i32)
    (local $end i32) (local $at i32) (local $left i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $first) (local.get $bytes)))
    (loop $line
      (local.set $a (v128.load (local.get $first)))
      (local.set $b (v128.load offset=16 (local.get $first)))
      (local.set $c (v128.load offset=32 (local.get $first)))
      (local.set $d (v128.load offset=48 (local.get $first)))
      (local.set $at (local.get $first))
      (local.set $left (local.get $count))
      (block $summed
        (loop $run
          (br_if $summed (i32.eqz (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
          (local.set $at (i32.add (local.get $at) (local.get $stride)))
          (local.set $a (f32x4.add (local.get $a) (v128.load (local.get $at))))
          (local.set $b (f32x4.add (local.get $b) (v128.load offset=16 (local.get $at))))
          (local.set $c (f32x4.add (local.get $c) (v128.load offset=32 (local.get $at))))
          (local.set $d (f32x4.add (local.get $d) (v128.load offset=48 (local.get $at))))
          (br $run)))
      (v128.store (local.get $out) (local.get $a))
      (v128.store offset=16 (local.get $out) (local.get $b))
      (v128.store offset=32 (local.get $out) (local.get $c))
      (v128.store offset=48 (local.get $out) (local.get $d))
      (local.set $out (i32.add (local.get $out) (i32.const 64)))
      (br_if $line (i32.lt_u (local.tee $first (i32.add (local.get $first) (i32.const 64))) (local.get $end))))))
